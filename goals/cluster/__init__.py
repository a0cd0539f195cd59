"""What a cluster is told about this system, written from the code by `python -m goals.cluster.write`.

Which functions there are, their queues, ports, environment and limits stand in the code once; here they become
manifests of Knative, the RabbitMQ operators and Kubernetes itself. `check/` finds mistakes in what kustomize renders,
without a cluster. Nothing here runs in a container.
"""
