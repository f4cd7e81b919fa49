"""The networks of the rooms models: generator, projected discriminator, scene features, predictors."""
