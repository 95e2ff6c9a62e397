"""A stand-in for the provider of Yandex Cloud, for tests: Terraform plans designs with it, offline.

Terraform itself evaluates the designs; the stub says what the provider's plans would: defaults of its schema,
what is unknown until apply, what the server keeps. The server runs in an environment of its own
(`requirements/terraform-stub.txt`), as its pins contradict the project's; `runs` starts it, and is all that
tests need.

`schema.json` holds facts about types of yandex-cloud/terraform-provider-yandex@b52b1df5 (0.222.0, MPL-2.0):
names, types, nesting, counts, what is required or computed, defaults, and no text of it. Only attributes that
the designs write or that prices hang on are there:

    TYPE: {"a": {ATTRIBUTE: [TYPE, MODE, DEFAULT]}, "b": {BLOCK: [NESTING, MIN, MAX, {"a", "b", "computed"}]}}

`MODE` is R for required, O optional, C computed, OC optional and computed. A block that is `computed` is
wholly unknown where nothing is written.
"""
