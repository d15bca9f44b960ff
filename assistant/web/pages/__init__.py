"""One module a page: reads the request, asks the domain, hands a view to a template."""
