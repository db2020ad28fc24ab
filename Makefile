# Every command is in tools/environment; README.md says what each is for.
TOOL := ./tools/bootstrap.sh
COMMANDS := run up down test test-full test-engine lint lint-static demo-real screenshots bench audit image translations setup lock

.PHONY: $(COMMANDS)
.DEFAULT_GOAL := run

$(COMMANDS):
	@$(TOOL) $@ $(ARGS)
