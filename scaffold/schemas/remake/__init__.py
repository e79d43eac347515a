"""Remake the data files from the packages that publish the schemas; needs Go, the network and kubernetes-validate."""
