"""``make demo-real``: real sales of a liquor wholesaler through the suite's own import, policies and accounts.

What is proven: nothing of dirty files is lost, and the figures tie to the cent. The data is not part of the project; it
lies in the folder ``LIQUOR_DATA``.
"""
