/**
 * Every request and event that crosses a process line, as one typed map: all that the renderer knows of the back end.
 *
 * `EngineRequests` are answered by the engine process (index, dissection, filters, connections of the one open capture);
 * `HostRequests` by the host: Electron's main process, or the `serve` process of browser mode (files, dialogs, capture process,
 * settings). Every answer is plain data that structured clone can carry. A request that fails answers with `Failure`: never a stack.
 */

export * from './messages/capture.ts';
export * from './messages/connection.ts';
export * from './messages/exchange.ts';
export * from './messages/failure.ts';
export * from './messages/filter.ts';
export * from './messages/follow.ts';
export * from './messages/graph.ts';
export * from './messages/host.ts';
export * from './messages/keys.ts';
export * from './messages/live.ts';
export * from './messages/packet.ts';
export * from './messages/requests.ts';
export * from './messages/statistics.ts';
export * from './messages/tree.ts';
export * from './messages/view.ts';
