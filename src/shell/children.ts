import { forEachChild, type SyntaxNode } from 'unbash';

/** Whether nothing in the body of a here-document is expanded. The grammar finds that out character by character. */
export const isLiteralBody = (body: { readonly text: string }): boolean => !/[$`\\]/.test(body.text);

/** Calls `visit` with each node that stands directly in another. */
export function eachChild(node: SyntaxNode, visit: (child: SyntaxNode) => void): void {
  if (node.type !== 'HereDocBody' || !isLiteralBody(node)) forEachChild(node, visit);
}
