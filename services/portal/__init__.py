"""The portal: what people see in a browser."""
