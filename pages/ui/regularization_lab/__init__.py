"""The parts of the regularization page: dropout, batch norm, weight decay, augmentation."""
