import tseslint from 'typescript-eslint';

/**
 * Typed rules, because the dangerous mistakes here are typed ones: a promise nobody waits for, an `any` that hides an
 * amount. Two house laws are rules too: the environment is read in *.config.ts only, and no amount meets a float.
 */
const environment = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'The environment is read in <app>.config.ts and nowhere else.',
};
const floats = [
  { selector: "CallExpression[callee.name='parseFloat']", message: 'No float ever touches an amount.' },
  { selector: "MemberExpression[property.name='toFixed']", message: 'No float ever touches an amount.' },
];

export default tseslint.config(
  {
    ignores: ['node_modules/', 'dist/', '.data/', 'out/', 'coverage/', '**/*.gen.*', '**/*.js', '**/*.cjs', '**/*.mjs'],
  },
  {
    files: ['**/*.{ts,tsx,mts}'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // Nest modules and controllers are classes by their framework's law.
      '@typescript-eslint/no-extraneous-class': 'off',
      // A branded bigint (an amount) may be negated like any other.
      '@typescript-eslint/no-unsafe-unary-minus': 'off',
      // An async method without await keeps an interface's promise.
      '@typescript-eslint/require-await': 'off',
      eqeqeq: 'error',
      'no-console': 'error',
      'max-lines': ['error', { max: 300 }],
    },
  },
  {
    files: ['apps/**/*.ts', 'libs/**/*.ts', 'sandbox/**/*.ts'],
    ignores: ['**/*.config.ts', '**/*.spec.ts', 'libs/config/**', 'libs/testing/**'],
    rules: { 'no-restricted-syntax': ['error', environment, ...floats] },
  },
  { files: ['libs/errors/book.ts'], rules: { 'max-lines': 'off' } },
  {
    // Matchers and parsed answers are `any` by their makers; what matters in a test is what it expects.
    files: ['**/*.{spec,e2e}.ts', 'libs/connectors/contract/conformance.ts'],
    rules: {
      'max-lines': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  { files: ['tools/**/*.ts', 'test/**/*.ts'], rules: { 'no-restricted-syntax': ['error', ...floats] } },
  { files: ['web/**/*.{ts,tsx,mts}'], rules: { 'no-console': 'off', '@typescript-eslint/unbound-method': 'off' } },
);
