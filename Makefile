# Every target sets up what it needs; a second run finds it there. The work is in .make/.
.PHONY: help setup test conformance mutants wild demo lint vsix bench screenshot clean

help:
	@echo "make demo         analyse examples/ in the terminal, then show them in VS Code"
	@echo "make test         set up and run every check and test"
	@echo "make conformance  put thousands of generated calls to our rules and to real Keras, 3 and 2.15"
	@echo "make mutants      make typical mistakes in valid programs, and hold what is said against real Keras"
	@echo "make wild         read packages that define Keras models, and compare with the models that they build"
	@echo "make setup        Python environment, Node, the client's packages, a VS Code for tests"
	@echo "make lint         style and types only"
	@echo "make vsix         build the extension into .build/"
	@echo "make bench        measure, beside what one would do instead"
	@echo "make screenshot   take docs/screenshot.png anew"
	@echo "make clean        remove everything that was built or installed"

setup:
	@bash .make/setup.sh

test:
	@bash .make/test.sh

conformance:
	@bash .make/conformance.sh

mutants:
	@bash .make/mutants.sh

wild:
	@bash .make/wild.sh

demo:
	@bash .make/demo.sh

lint:
	@bash .make/lint.sh

vsix:
	@bash .make/vsix.sh

bench:
	@bash .make/bench.sh

screenshot:
	@bash .make/screenshot.sh

clean:
	rm -rf .build .venv client/node_modules
