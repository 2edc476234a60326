"""Problems of hyperparameter and architecture search, a file a kind."""
