"""Problems of the normalisations, a file a kind.

Where the spread of the values is in the hundreds, eps makes no difference that is seen; where it
is a hundredth, eps is all that matters. So a mistake with eps costs the cases about eps only.
"""
