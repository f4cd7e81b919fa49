"""What a generator is measured by before it ships."""
