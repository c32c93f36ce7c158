"""Every door of the product, walked from the URLconfs and the OpenAPI document, and tried by everybody who may come."""
