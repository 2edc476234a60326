"""Problems of the classifiers, a file a kind."""
