"""The end of an arrangement: what there is, what becomes of each thing, who pays whom, and the steps that carry it out."""
