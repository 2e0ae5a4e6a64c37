declare module "cytoscape-elk" {
  import type { Ext } from "cytoscape";
  const register: Ext;
  export default register;
}
