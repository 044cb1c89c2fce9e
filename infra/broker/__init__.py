"""A real Apache Kafka broker on this machine: one node, from its published jars, no root.

Nothing here is needed against a cluster of the user's own, so what it takes beyond that
(a Maven resolver, a Java runtime) is imported only when it is used.
"""
