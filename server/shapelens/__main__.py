"""``python -m shapelens``."""

import sys

from shapelens.cli.main import main

sys.exit(main())
