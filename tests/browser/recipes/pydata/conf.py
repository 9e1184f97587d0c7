project = "A site with a figure"
extensions = ["myst_parser"]
html_theme = "pydata_sphinx_theme"
html_js_files = [("https://HOST/embed.js", {"async": "async"})]
