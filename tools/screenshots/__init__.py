"""Photographs every role's main screens of the demo world, in Chinese, desktop and phone width."""
