"""Kubernetes: the manifests under deploy/k8s that follow from the code, made by `python -m deploy.kubernetes`."""
