"""The truth: facts as events, what they mean in every book, and the store that keeps them."""
