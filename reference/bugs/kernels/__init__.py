"""Fixed kernels: blur, edges, sharpen: mistakes."""
