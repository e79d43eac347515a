"""How a fleet repository grows: what adding a team, an application, a cluster or an environment would write."""
