"""Onshore and offshore innovation centres (在岸、离岸创新中心): of one city, in another, with what they link.

离岸 is not overseas: it is mostly a city's centre in another city of the province, 研发在武汉、生产在咸宁.
"""
