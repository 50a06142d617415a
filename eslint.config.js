import tseslint from 'typescript-eslint';

/** Time and chance come from outside: the replay of a recorded stream must give the same output every time. */
const AMBIENT = [
  { object: 'Date', property: 'now' },
  { object: 'Math', property: 'random' },
].map((it) => ({ ...it, message: 'Take time from a scheduler or an argument, chance from a seed.' }));

const ambientGlobals = ['setTimeout', 'setInterval', 'setImmediate', 'performance', 'process', 'console'].map((name) => ({
  name,
  message: 'Not here: schedulers, arguments and ports bring the outside in.',
}));

const ambientSyntax = [
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Take time from a scheduler or an argument.' },
];

const noSubscribe = {
  selector: "CallExpression[callee.property.name='subscribe']",
  message: 'main.ts is the only place of the application that subscribes; compose Observables instead.',
};

const noExpectInSubscribe = {
  selector: "CallExpression[callee.property.name='subscribe'] CallExpression[callee.name='expect']",
  message: 'RxJS reports a throw in subscribe on another tick: this expectation can never fail the test. Collect first.',
};

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'coverage/', '.cache/', '.ci/', 'spec/embed/consumers/', '**/*.cjs'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: ['eslint.config.js', 'deploy/library/pack.mjs', 'spec/embed/linters.mjs'] }, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      eqeqeq: 'error',
    },
  },
  // Plain scripts have no types to check.
  { files: ['**/*.mjs'], ...tseslint.configs.disableTypeChecked },
  {
    files: ['operators/**', 'src/stages/**', 'src/pipeline.ts', 'src/runtime/**', 'src/model/**', 'src/changelog/**'],
    rules: {
      'no-restricted-properties': ['error', ...AMBIENT],
      'no-restricted-globals': ['error', ...ambientGlobals],
      'no-restricted-syntax': ['error', ...ambientSyntax],
    },
  },
  { files: ['src/**'], ignores: ['src/main.ts', 'src/stages/**', 'src/pipeline.ts', 'src/runtime/**', 'src/model/**', 'src/changelog/**'], rules: { 'no-restricted-syntax': ['error', noSubscribe] } },
  { files: ['src/stages/**', 'src/pipeline.ts', 'src/runtime/**', 'src/model/**', 'src/changelog/**'], rules: { 'no-restricted-syntax': ['error', ...ambientSyntax, noSubscribe] } },
  // The page takes the program it comes with at its word.
  { files: ['src/page/**'], rules: { '@typescript-eslint/no-unsafe-assignment': 'off' } },
  {
    files: ['spec/**', 'bench/**', 'marbles/**'],
    rules: {
      'no-restricted-syntax': ['error', noExpectInSubscribe],
      'max-lines': ['error', { max: 500, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
    },
  },
  { files: ['eslint.config.js'], ...tseslint.configs.disableTypeChecked },
);
