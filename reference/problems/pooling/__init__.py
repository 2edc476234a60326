"""Problems of the pooling layers, a file a kind."""
