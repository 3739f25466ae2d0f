// What a module exports is a variable of that module.
export const limit = 100;
export const visits = [];
