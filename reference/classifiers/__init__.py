"""Classifiers: from features to labels. The homework's two-layer net is reference.two_layer_net."""
