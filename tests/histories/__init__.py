"""Random histories of generated repositories: what people do to them, then an update, and where every edit ends."""
