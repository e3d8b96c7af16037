"""Speed and memory, measured side by side and given as ratios: ``python -m benchmarks``.

============  ==================================================================
``logs``      seeded session logs: one of any length, a busy clinic's, a network's
``usual``     the usual script: what most people would write for this task
``floors``    the least that each step costs: parser and writer alone
``measure``   one command in a process of its own: time, processor time, memory
``cases``     what is compared with what, and the target of each
``page``      the results as the table in ``docs/performance.md``
============  ==================================================================
"""
