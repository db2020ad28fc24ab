{
    "name": "Liquor Bench Peers",
    "summary": "Bare routes that the suite's pages are measured against; never installed but by make bench",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "license": "LGPL-3",
    "author": "Liquor Suite Founders",
    "depends": ["base"],
    "data": [],
    "post_init_hook": "post_init_hook",
}
