"""Read models: the events retold for readers, in a views file that can be thrown away and made anew."""
