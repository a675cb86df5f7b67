"""One technology a file: each adapter fills a port with something real."""
