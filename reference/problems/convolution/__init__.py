"""Problems of the convolutions, a file a kind."""
