"""Writes the networks as ONNX graphs with readable names and plain operators."""
