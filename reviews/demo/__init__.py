"""Invented people and cases for trying the product. Never loaded under production settings."""
