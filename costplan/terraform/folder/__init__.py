"""A folder of .tf files, read without Terraform: the same parts of a document that a plan has.

tfparse evaluates; nothing is evaluated here. The text itself is read for what an evaluator cannot tell: which
values are stated, whether what they hang on is known before Terraform runs, and which blocks there should be.
"""
