/**
 * Chat templates: the Jinja text of a checkpoint, rendered as Python's Jinja2 renders it, by an
 * interpreter whose values are closed, whose work is bounded and which cannot reach the host.
 */
package io.kanana.core.template;
