"""How fast Evenlight is; nothing here is tested or shipped."""
