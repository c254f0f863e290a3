// Run from the top level: the end-to-end tests lie outside this folder.
import js from "@eslint/js";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
  {
    files: ["client/{src,test,workbench}/**/*.ts", "tests/e2e/**/*.mts"],
    extends: [js.configs.recommended, tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { project: "./tsconfig.json", tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "max-lines": ["error", 400],
      "no-console": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
    },
  },
  {
    files: ["client/test/**/*.ts", "tests/e2e/**/*.mts"],
    rules: {
      // node:test's describe and it return promises that the runner itself waits for.
      "@typescript-eslint/no-floating-promises": "off",
    },
  },
);
