import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const botbuilderFiles = [
  'src/channel/bot-adapter.ts',
  'src/channel/bot-endpoint.ts',
  'src/channel/bot-reply.ts',
  'src/understanding/recognizer.ts',
  'src/dialog/compile.ts',
  'src/dialog/run.ts',
  'src/dialog/slot-prompt.ts',
  'src/store/bot-storage.ts',
];

export default tseslint.config(
  {
    ignores: [
      'dist/',
      'node_modules/',
      'coverage/',
      'data/',
      'channels/web/page/**/*.js',
      'simulators/phone-page/**/*.js',
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'no-restricted-syntax': [
        'error',
        {
          selector: "ThrowStatement > NewExpression[callee.name='Error']",
          message: 'Throw one of the typed errors of src/errors.ts.',
        },
        {
          selector: "MemberExpression[object.name='process'][property.name='env']",
          message: 'Only src/config.ts reads the environment.',
        },
      ],
      'no-console': 'error',
    },
  },
  {
    files: ['src/**', 'dialogs/**', 'channels/**'],
    ignores: [...botbuilderFiles, 'dialogs/*.component.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['botbuilder*', 'botframework-*', '!botframework-webchat'],
              message: 'botbuilder is imported only in the files listed in eslint.config.js.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['test/**', 'bench/**'],
    rules: {
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      'no-restricted-syntax': 'off',
    },
  },
  { files: ['src/cli/**', 'bench/**'], rules: { 'no-console': 'off' } },
  { files: ['src/config.ts'], rules: { 'no-restricted-syntax': 'off' } },
  { files: ['eslint.config.js'], ...tseslint.configs.disableTypeChecked },
);
