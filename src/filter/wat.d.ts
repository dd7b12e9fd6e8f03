/** WebAssembly in its text format: the build makes the binary of it, in base64. */
declare module '*.wat' {
  const binary: string;
  export default binary;
}
