"""What goes over the wire between a client and a model server: the service and the bench share it."""
