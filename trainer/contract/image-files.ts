/** Extensions of the image files that are read. What a file is says its content, not its extension. */
export const imageExtension = /\.(jpe?g|jpe|jfif|png|webp)$/i;

/** In words. */
export const imageKinds = 'JPEG, PNG or WebP';
