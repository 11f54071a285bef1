/**
 * Conversations: from records to batches in which exactly what an assistant says is learnt. {@link
 * io.kanana.posttrain.conversation.Conversation} is the tree of messages, {@link
 * io.kanana.posttrain.conversation.ConversationFiles} reads it, {@link
 * io.kanana.posttrain.conversation.ChatFormat} makes tokens of it, and {@link
 * io.kanana.posttrain.conversation.ConversationMixture} batches.
 */
package io.kanana.posttrain.conversation;
