/** OpenCC's traditional-to-simplified character table: `trad simp|trad simp|…`. The package ships no types for it. */
declare module 'opencc-js/dict/TSCharacters' {
  const table: string;
  export default table;
}
