"""方案异议 (disputes): the enterprise says that a proposal is no answer, and a second person decides."""
