// As much of the editor's module as the tests need.
export {};
